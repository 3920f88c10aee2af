// The keyboard: ? help, / search, j and k through rows, Enter opens the row,
// g and a letter goes to a place of the navigation. Rows open on a click too.
// A page may give its own parts a letter (data-press): a link is followed, a fold
// opens at its first field, a button is only chosen, so that Enter presses it.
(function () {
  'use strict';
  var B = window.bihuan;
  var waiting = 0; // when g was pressed

  function rows() {
    return Array.prototype.filter.call(document.querySelectorAll('tr[data-href]'), function (r) { return r.offsetParent !== null; });
  }
  function walk(step) {
    var all = rows();
    if (!all.length) return;
    var now = document.querySelector('tr.row-now'), i = all.indexOf(now);
    var next = all[i < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, i + step))];
    if (now) now.classList.remove('row-now');
    next.classList.add('row-now');
    next.scrollIntoView({ block: 'nearest' });
    var link = next.querySelector('a');
    if (link) link.focus({ preventScroll: true });
  }

  function press(key) {
    var el = document.querySelector('main [data-press="' + CSS.escape(key) + '"]');
    if (!el) return false;
    if (el.tagName === 'A') el.click();
    else if (el.tagName === 'SUMMARY') {
      el.parentNode.open = true;
      el.parentNode.querySelector('textarea, input:not([type=hidden]), button').focus();
    } else el.focus();
    return true;
  }

  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || B.typing(e.target) || document.querySelector('dialog[open]')) return;
    if (waiting && Date.now() - waiting < 1500) {
      waiting = 0;
      var to = document.querySelector('[data-go="' + CSS.escape(e.key) + '"]');
      if (to) { e.preventDefault(); to.click(); return; }
    }
    switch (e.key) {
      case 'g': waiting = Date.now(); break;
      case 'j': walk(1); break;
      case 'k': walk(-1); break;
      case '/': {
        var s = document.querySelector('[data-key="/"]');
        if (!s || !s.offsetParent) s = document.querySelector('.filter input[type=search]');
        if (s) { e.preventDefault(); s.focus(); s.select(); }
        break;
      }
      case '?': {
        var help = document.getElementById('keys');
        if (help && help.showModal) { e.preventDefault(); help.showModal(); }
        break;
      }
      case 'Enter': {
        var row = document.querySelector('tr.row-now');
        if (row && e.target === document.body) location.assign(row.dataset.href);
        break;
      }
      default: if (press(e.key)) e.preventDefault();
    }
  });

  B.on('click', 'tr[data-href]', function (e, row) {
    if (e.defaultPrevented || e.button || e.target.closest('a, button, input, label, select, summary')) return;
    if (String(window.getSelection())) return;
    if (e.ctrlKey || e.metaKey) window.open(row.dataset.href); else location.assign(row.dataset.href);
  });
})();
