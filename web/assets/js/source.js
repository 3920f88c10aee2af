// A document beside what was read from it: pointing at marked words shows the
// item, pointing at the item shows its words. Both sides carry data-item.
(function () {
  'use strict';

  function pair(id, on) {
    document.querySelectorAll('[data-item="' + CSS.escape(id) + '"]').forEach(function (el) {
      el.classList.toggle('is-paired', on);
    });
  }
  var now = null;
  function over(e) {
    var el = e.target.closest && e.target.closest('[data-item]');
    var id = el ? el.dataset.item : null;
    if (id === now) return;
    if (now !== null) pair(now, false);
    now = id;
    if (id !== null) pair(id, true);
  }
  document.addEventListener('mouseover', over);
  document.addEventListener('focusin', over);

  // A click on one side brings the other into view without leaving the place.
  document.addEventListener('click', function (e) {
    var el = e.target.closest && e.target.closest('[data-item]');
    if (!el || e.ctrlKey || e.metaKey) return;
    var inSource = !!el.closest('[data-source]');
    if (!inSource && e.target.closest('a, button, input, summary')) return;
    var other = Array.prototype.find.call(document.querySelectorAll('[data-item="' + CSS.escape(el.dataset.item) + '"]'), function (o) {
      return !!o.closest('[data-source]') !== inSource;
    });
    if (!other) return;
    e.preventDefault();
    for (var d = other.closest('details:not([open])'); d; d = other.closest('details:not([open])')) d.open = true;
    other.scrollIntoView({ block: 'center' });
  });
})();
