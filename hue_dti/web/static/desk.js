// Whoever leaves with words that are not saved is asked first; a figure's name goes in where one was typing; what one comes to by the
// keyboard does not stay behind the bar at the bottom.
(function () {
  var form = document.getElementById("soan");
  if (!form) { return; }
  var unsaved = form.hasAttribute("data-unsaved");
  form.addEventListener("input", function (event) { if (event.target.name) { unsaved = true; } });
  form.addEventListener("submit", function () { unsaved = false; });
  form.addEventListener("focusin", function (event) { event.target.scrollIntoView({ block: "nearest" }); });
  window.addEventListener("beforeunload", function (event) { if (unsaved) { event.preventDefault(); } });

  var place = form.querySelector(".insert"), name = document.getElementById("ten-so-lieu"), button = document.getElementById("chen");
  var boxes = form.querySelectorAll("textarea[data-named]"), last = boxes[0];
  if (!last || last.readOnly) { return; }
  place.hidden = false;
  boxes.forEach(function (box) { box.addEventListener("focus", function () { last = box; }); });
  function insert() {
    var words = name.value.trim();
    if (!words) { name.focus(); return; }
    last.focus();
    last.setRangeText("{" + words + "}", last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    name.value = "";
  }
  button.addEventListener("click", insert);
  name.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); insert(); } });
})();

var told = document.querySelector("[data-focus]");
if (told) { told.focus(); }
