// The script of every page. Pages work without it; it only makes work quicker.
// Each part listens on the document, so parts replaced later need no set-up.
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.remove('no-js');
  root.classList.add('js');

  var B = window.bihuan = {};

  B.on = function (type, selector, fn, capture) {
    document.addEventListener(type, function (e) {
      var hit = e.target.closest && e.target.closest(selector);
      if (hit) fn(e, hit);
    }, capture || false);
  };

  // A box that is ticked is no place for letters: the keys of the list go on there.
  B.typing = function (el) {
    return !!el && !/^(checkbox|radio)$/.test(el.type) && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  };

  // Passing messages. A message about something bad stays until it is clicked.
  B.toast = function (text, kind) {
    var box = document.getElementById('toasts');
    if (!box || !text) return;
    var el = document.createElement('div');
    el.className = 'toast toast-' + (/^(info|success|warning|danger)$/.test(kind) ? kind : 'plain');
    el.textContent = text;
    box.appendChild(el);
    fade(el);
  };
  function fade(el) {
    var stays = el.classList.contains('toast-danger') || el.classList.contains('toast-warning');
    el.addEventListener('click', function () { el.remove(); });
    if (!stays) setTimeout(function () { el.remove(); }, 6000);
  }
  document.addEventListener('htmx:oobAfterSwap', function (e) {
    if (e.target.id === 'toasts') Array.prototype.forEach.call(e.target.children, fade);
  });

  // The server may send a message with an answer: HX-Trigger {"toast":{"text":…,"kind":…}}.
  document.addEventListener('toast', function (e) {
    if (e.detail) B.toast(e.detail.text || e.detail.value, e.detail.kind);
  });
  document.addEventListener('htmx:sendError', function () {
    B.toast('网络连接失败，请检查网络后重试', 'danger');
  });
  document.addEventListener('htmx:responseError', function (e) {
    var x = e.detail.xhr;
    B.toast(x.status === 401 ? '登录已失效，请重新登录' : '操作未成功（' + x.status + '），请刷新后重试', 'danger');
  });

  // Small actions of buttons.
  var actions = {
    print: function () { window.print(); },
    copy: function (b) {
      var text = b.value || location.href;
      var done = function () { B.toast('已复制', 'success'); };
      if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done, function () { byHand(text, done); }); } else byHand(text, done);
    }
  };
  // An office network often has no https, and then no clipboard either.
  function byHand(text, done) {
    var t = document.createElement('textarea');
    t.value = text;
    t.className = 'sr';
    document.body.appendChild(t);
    t.select();
    if (document.execCommand('copy')) done(); else B.toast('复制未成功，请手动复制', 'warning');
    t.remove();
  }
  B.on('click', '[data-do]', function (e, b) {
    var run = actions[b.dataset.do];
    if (run) { e.preventDefault(); run(b); }
  });

  // One menu open at a time; a click beside it or Escape closes it.
  function closeMenus(except) {
    document.querySelectorAll('details[data-menu][open]').forEach(function (d) { if (d !== except) d.open = false; });
  }
  document.addEventListener('click', function (e) { closeMenus(e.target.closest('details[data-menu]')); });
  document.addEventListener('keydown', function (e) {
    if (e.key !== 'Escape') return;
    var open = document.querySelector('details[data-menu][open]');
    if (open) { open.open = false; open.querySelector('summary').focus(); }
  });

  // Folded data is printed open.
  var opened = [];
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('main details:not([open])').forEach(function (d) { d.open = true; opened.push(d); });
  });
  window.addEventListener('afterprint', function () {
    opened.forEach(function (d) { d.open = false; });
    opened = [];
  });

  // A page that came back with faults starts at their list.
  var faults = document.querySelector('[data-focus]');
  if (faults) faults.focus();

  // Before the session ends a person is asked whether they are still there.
  var idle = parseInt(document.body.dataset.idle, 10);
  var box = document.getElementById('idle');
  if (idle > 0 && box) {
    var last = Date.now();
    var touch = function () { if (!box.open) last = Date.now(); };
    ['keydown', 'pointerdown', 'scroll'].forEach(function (t) { document.addEventListener(t, touch, { passive: true }); });
    box.addEventListener('close', function () {
      last = Date.now();
      fetch(location.href, { method: 'HEAD', credentials: 'same-origin' });
    });
    var warn = Math.max(idle - 120, idle / 2) * 1000;
    setInterval(function () {
      var gone = Date.now() - last;
      if (gone >= idle * 1000) { B.leaving = true; location.reload(); } else if (gone >= warn && !box.open) box.showModal();
    }, 5000);
  }
})();
