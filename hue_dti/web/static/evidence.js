// A file goes up with its progress told and a way to stop; without this script the same form is sent by the browser itself.
document.querySelectorAll("form[data-send]").forEach(function (form) {
  var box = form.querySelector(".sending"), bar = box.querySelector("progress"), told = box.querySelector(".sent");
  var button = form.querySelector("[type=submit]"), file = form.querySelector("[type=file]"), stop = box.querySelector(".stop"), asking = null;
  function say(words, wrong) {
    var note = document.getElementById("loi");
    if (!wrong) { told.textContent = words; return; }
    if (!note) {
      note = document.createElement("p");
      note.id = "loi";
      note.className = "note wrong";
      note.setAttribute("role", "alert");
      note.tabIndex = -1;
      form.insertBefore(note, form.firstChild);
    }
    note.textContent = words;
    note.focus();
  }
  function over() { box.hidden = true; button.disabled = false; asking = null; }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (asking) { return; }
    if (file.files[0] && file.files[0].size > Number(file.dataset.most)) { say(told.dataset.large, true); return; }
    asking = new XMLHttpRequest();
    asking.open("POST", form.action);
    asking.setRequestHeader("Accept", "application/json");
    asking.upload.onprogress = function (part) {
      if (!part.lengthComputable) { return; }
      bar.value = Math.round(part.loaded * 100 / part.total);
      say(bar.value < 100 ? told.dataset.sending + " " + bar.value + "%" : told.dataset.checking);
    };
    asking.onload = function () {
      var answer = {};
      try { answer = JSON.parse(asking.responseText); } catch (fault) { /* an error page: the plain words below */ }
      if (asking.status === 201 && answer.next) { window.location.assign(answer.next); return; }
      var title = /<p class="told"[^>]*>([^<]*)</.exec(asking.responseText);
      over();
      say(answer.error || (title ? title[1] : told.dataset.broken), true);
    };
    asking.onerror = function () { over(); say(told.dataset.broken, true); };
    box.hidden = false;
    button.disabled = true;
    bar.value = 0;
    say(told.dataset.sending);
    asking.send(new FormData(form));
    stop.focus();
  });
  stop.addEventListener("click", function () { if (asking) { asking.abort(); over(); say(told.dataset.stopped, true); } });
});
