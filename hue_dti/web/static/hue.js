// A filter chosen with the mouse or a finger applies at once; whoever steps through it with the keys presses the button.
document.querySelectorAll("form.filters select, form.picker select").forEach(function (select) {
  var byKey = false;
  select.addEventListener("keydown", function () { byKey = true; });
  select.addEventListener("pointerdown", function () { byKey = false; });
  select.addEventListener("change", function () { if (!byKey) { select.form.submit(); } });
});

// On a phone the paper comes first: its outline starts folded.
if (window.matchMedia("(max-width: 800px)").matches) {
  document.querySelectorAll("details.outline").forEach(function (outline) { outline.open = false; });
}

// A long raw answer opens at the figure's place, inside its own frame.
var place = document.getElementById("vi-tri");
var frame = place && place.closest(".scroll, .raw");
if (frame) { frame.scrollTop = Math.max(0, place.getBoundingClientRect().top - frame.getBoundingClientRect().top - 120); }

// What is wrong with a form comes first, for the eye and for a screen reader.
var wrong = document.querySelector("[data-focus]");
if (wrong) { wrong.focus(); }

// Who signs out leaves nothing typed in the browser.
document.querySelectorAll("form[data-leaves]").forEach(function (form) {
  form.addEventListener("submit", function () {
    try {
      Object.keys(localStorage).filter(function (name) { return name.indexOf("hue-dti ") === 0; }).forEach(function (name) { localStorage.removeItem(name); });
    } catch (fault) { /* a browser that keeps nothing has nothing to forget */ }
  });
});
