// Filters apply at once where scripts run; without scripts the button does the same.
document.querySelectorAll("form.filters select").forEach(function (select) {
  select.addEventListener("change", function () { select.form.submit(); });
});
