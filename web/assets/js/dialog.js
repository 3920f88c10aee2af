// Dialogs: a part of this page (data-open), or another page's content shown in
// a window (data-dialog). Without this script both are ordinary links.
(function () {
  'use strict';
  var B = window.bihuan;

  function show(d) {
    if (!d || !d.showModal || d.open) return !!d;
    d.showModal();
    return true;
  }

  B.on('click', '[data-open]', function (e, el) {
    var d = document.getElementById(el.dataset.open);
    if (d && d.tagName === 'DIALOG') { e.preventDefault(); show(d); }
  });
  B.on('click', 'dialog [data-close]', function (e, el) { e.preventDefault(); el.closest('dialog').close(); });
  // A press on the shade closes a dialog that holds no form to lose.
  document.addEventListener('click', function (e) {
    if (e.target.tagName === 'DIALOG' && e.target.open && !e.target.querySelector('form[data-dirty]') && e.target.getAttribute('role') !== 'alertdialog') e.target.close();
  });

  function frame(title) {
    var d = document.createElement('dialog'), head = document.createElement('div'), h = document.createElement('h2');
    var x = document.createElement('button'), body = document.createElement('div');
    d.className = 'dialog dialog-large';
    head.className = 'dialog-head';
    body.className = 'dialog-body';
    h.id = 'dialog-title';
    h.textContent = title;
    d.setAttribute('aria-labelledby', h.id);
    x.type = 'button';
    x.className = 'dialog-close';
    x.dataset.close = '';
    x.setAttribute('aria-label', '关闭');
    x.textContent = '✕';
    head.append(h, x);
    d.append(head, body);
    d.addEventListener('close', function () { d.remove(); });
    document.body.append(d);
    return d;
  }

  B.on('click', 'a[data-dialog]', function (e, a) {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    if (!window.HTMLDialogElement) return;
    e.preventDefault();
    fetch(a.href, { credentials: 'same-origin', headers: { 'X-Dialog': '1' } }).then(function (r) {
      if (!r.ok || r.redirected) throw new Error(String(r.status));
      return r.text();
    }).then(function (html) {
      var page = new DOMParser().parseFromString(html, 'text/html'), main = page.querySelector('main');
      if (!main) throw new Error('no main');
      var h1 = main.querySelector('h1');
      var d = frame(h1 ? h1.textContent : '');
      main.querySelectorAll('.crumbs, .title-bar, .print-head').forEach(function (n) { n.remove(); });
      d.lastChild.append.apply(d.lastChild, Array.prototype.slice.call(main.childNodes));
      if (window.htmx) window.htmx.process(d);
      show(d);
    }).catch(function () { location.assign(a.href); });
  });
})();
