// Words selected in a source text can be added to the list: a bar offers it, and
// its links carry the words and the task they stand in.
(function () {
  'use strict';
  var bar = function () { return document.querySelector('[data-pick]'); };

  function offer() {
    var b = bar(), sel = document.getSelection();
    if (!b || !sel) return;
    var text = sel.toString().replace(/\s+/g, ''), from = sel.anchorNode;
    from = from && (from.nodeType === 1 ? from : from.parentElement);
    if (text.length < 2 || !from || !from.closest('[data-source]')) { b.hidden = true; return; }
    text = text.slice(0, 200);
    var marked = from.closest('[data-item]'), item = marked ? marked.dataset.item.split('.')[0] : '';
    b.querySelector('[data-pick-text]').textContent = '“' + text + '”';
    b.querySelectorAll('a').forEach(function (a) {
      a.href = a.href.split('?')[0] + '?text=' + encodeURIComponent(text) + '&item=' + encodeURIComponent(item === 'plan' ? '' : item);
    });
    b.hidden = false;
  }
  // A page that opens at an item shows its words as well.
  var id = location.hash.indexOf('#item-') === 0 ? location.hash.slice(6) : '';
  var words = id && document.querySelector('[data-source] [data-item="' + CSS.escape(id) + '"]'), pane = words && words.closest('.review-source');
  if (pane) pane.scrollTop += words.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;

  document.addEventListener('mouseup', function (e) {
    if (e.target.closest && e.target.closest('[data-pick]')) return;
    setTimeout(offer, 0);
  });
  document.addEventListener('keyup', function (e) { if (e.shiftKey) offer(); });
})();
