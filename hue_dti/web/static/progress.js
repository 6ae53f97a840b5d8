// While a job is under way the part of the page that tells of it is fetched anew once a second; it stops when all is told.
(function () {
  var box = document.getElementById("tien-do");
  function over() {
    var part = box.querySelector("[data-over]");
    return part && part.getAttribute("data-over") === "yes";
  }
  function look() {
    fetch(box.getAttribute("data-part"), { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(answer.status); })
      .then(function (text) { if (text !== box.innerHTML) { box.innerHTML = text; } })
      .catch(function () { /* the next look may find the server again; “Xem lại” is there meanwhile */ })
      .then(function () { if (!over()) { setTimeout(look, 1000); } });
  }
  document.getElementById("bang-tay").hidden = true;
  if (!over()) { setTimeout(look, 1000); }
})();
