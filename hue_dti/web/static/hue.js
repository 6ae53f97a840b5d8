// A filter chosen with the mouse or a finger applies at once; whoever steps through it with the keys presses the button.
document.querySelectorAll("form.filters select, form.picker select").forEach(function (select) {
  var byKey = false;
  select.addEventListener("keydown", function () { byKey = true; });
  select.addEventListener("pointerdown", function () { byKey = false; });
  select.addEventListener("change", function () { if (!byKey) { select.form.submit(); } });
});
