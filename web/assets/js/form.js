// Forms: sent once, asked about when they cannot be taken back, guarded while
// unsaved, and with progress when they carry files.
(function () {
  'use strict';
  var B = window.bihuan;
  var agreed = null; // the button or form a person said yes to

  B.confirm = function (text, yes) {
    var d = document.getElementById('confirm');
    if (!d || !d.showModal) { if (window.confirm(text)) yes(); return; }
    d.querySelector('#confirm-text').textContent = text;
    d.returnValue = '';
    d.addEventListener('close', function () { if (d.returnValue === 'yes') yes(); }, { once: true });
    d.showModal();
  };

  // Runs before htmx sees the event, so that a question can stop it.
  document.addEventListener('submit', function (e) {
    var form = e.target, by = e.submitter;
    if (form.method === 'dialog') return;
    var asks = (by && by.dataset.confirm) || form.dataset.confirm;
    if (asks && agreed !== (by || form)) {
      e.preventDefault();
      e.stopImmediatePropagation();
      B.confirm(asks, function () {
        agreed = by || form;
        form.requestSubmit(by || undefined);
        agreed = null;
      });
      return;
    }
    if ('once' in form.dataset) {
      if (form.classList.contains('is-sending')) { e.preventDefault(); e.stopImmediatePropagation(); return; }
      form.classList.add('is-sending');
    }
    delete form.dataset.dirty;
    if ('upload' in form.dataset && hasFiles(form)) { e.preventDefault(); e.stopImmediatePropagation(); send(form, by); }
  }, true);

  // A link may ask as well.
  B.on('click', 'a[data-confirm]', function (e, a) {
    if (agreed === a) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    B.confirm(a.dataset.confirm, function () { agreed = a; a.click(); agreed = null; });
  }, true);

  // The way back, or an answer in place, frees the form again.
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('.is-sending').forEach(function (f) { f.classList.remove('is-sending'); });
  });
  document.addEventListener('htmx:afterRequest', function (e) {
    var f = e.target.closest && e.target.closest('.is-sending');
    if (f) f.classList.remove('is-sending');
  });

  // Unsaved input.
  B.on('input', 'form[data-guard]', function (e, form) { form.dataset.dirty = '1'; });
  window.addEventListener('beforeunload', function (e) {
    if (!B.leaving && document.querySelector('form[data-guard][data-dirty]')) { e.preventDefault(); e.returnValue = ''; }
  });

  // Files.
  function hasFiles(form) {
    return Array.prototype.some.call(form.querySelectorAll('input[type=file]'), function (i) { return i.files.length > 0; });
  }
  function size(n) {
    return n < 1024 ? n + ' B' : n < 1048576 ? (n / 1024).toFixed(1) + ' KB' : (n / 1048576).toFixed(1) + ' MB';
  }
  function listFiles(input) {
    var drop = input.closest('[data-drop]');
    if (!drop) return;
    var list = drop.querySelector('[data-files]'), max = parseInt(drop.dataset.max, 10), bad = false;
    list.textContent = '';
    Array.prototype.forEach.call(input.files, function (f) {
      var li = document.createElement('li');
      li.textContent = f.name + '（' + size(f.size) + '）';
      if (max && f.size > max) { li.className = 'bad'; li.textContent += ' 超过大小限制'; bad = true; }
      list.appendChild(li);
    });
    input.setCustomValidity(bad ? '文件超过大小限制' : '');
  }
  B.on('change', '[data-drop] input[type=file]', function (e, input) { listFiles(input); });
  ['dragenter', 'dragover', 'dragleave', 'drop'].forEach(function (type) {
    B.on(type, '[data-drop]', function (e, drop) {
      e.preventDefault();
      drop.classList.toggle('is-over', type === 'dragenter' || type === 'dragover');
      if (type !== 'drop' || !e.dataTransfer.files.length) return;
      var input = drop.querySelector('input[type=file]');
      if (input.disabled) return;
      if (!input.multiple && e.dataTransfer.files.length > 1) { B.toast('一次只能上传一个文件', 'warning'); return; }
      input.files = e.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  });

  // Sends a form with files and shows how far it is; the answer is a page.
  function send(form, by) {
    var box = form.querySelector('[data-progress]');
    var bar = box && box.querySelector('progress'), out = box && box.querySelector('output');
    var data = new FormData(form), x = new XMLHttpRequest();
    if (by && by.name) data.append(by.name, by.value);
    if (box) box.hidden = false;
    var to = new URL((by && by.getAttribute('formaction')) || form.getAttribute('action') || '', location.href).href;
    x.open(form.method, to);
    x.setRequestHeader('X-Upload', '1'); // the page that follows is opened anew: its message is kept for then
    x.upload.onprogress = function (e) {
      if (!bar || !e.lengthComputable) return;
      var part = Math.floor(100 * e.loaded / e.total);
      bar.value = part;
      out.textContent = part + '%';
    };
    x.onload = function () {
      B.leaving = true;
      if (x.status < 400 && x.responseURL && x.responseURL !== to) { location.assign(x.responseURL); return; }
      var page = new DOMParser().parseFromString(x.responseText, 'text/html');
      var now = page.querySelector('main'), here = document.querySelector('main');
      if (!now || !here) { B.toast('上传未成功（' + x.status + '）', 'danger'); free(); return; }
      here.replaceWith(now);
      if (window.htmx) window.htmx.process(now);
      var faults = now.querySelector('[data-focus]') || now;
      faults.focus();
      B.leaving = false;
    };
    x.onerror = function () { B.toast('上传中断，请检查网络后重试', 'danger'); free(); };
    function free() {
      form.classList.remove('is-sending');
      form.dataset.dirty = '1';
      if (box) box.hidden = true;
    }
    x.send(data);
  }
})();
