// The form of a quarter: each cell is sent when it is left, under a number of its own; what is not acknowledged is kept here and sent
// again under the same number. Nothing is called saved before the server said so.
(function () {
  var form = document.getElementById("nhap");
  if (!form || form.dataset.refilled !== undefined) { return; }  // filled in again after signing in: the plain form sends it
  var words = form.dataset;
  var token = form.querySelector("[name=csrf_token]");
  var stateLine = document.getElementById("gui");
  var kept = read();
  var cells = Array.from(form.querySelectorAll("tr[data-measure]")).map(makeCell);
  var byMeasure = {};
  cells.forEach(function (cell) { byMeasure[cell.measure] = cell; });
  var pause = 1000;
  var timer = null;
  var pasted = "";

  document.body.classList.add("with-script");

  // What is typed and not acknowledged: measure → {text, choice, reason, id?, replaces?}; figures and their reasons only.
  function read() {
    try { return JSON.parse(localStorage.getItem(words.kept)) || {}; } catch (fault) { return {}; }
  }
  function write() {
    try {
      if (Object.keys(kept).length) { localStorage.setItem(words.kept, JSON.stringify(kept)); } else { localStorage.removeItem(words.kept); }
    } catch (fault) { /* a browser that keeps nothing still sends what it can */ }
  }
  function number() {
    if (crypto.randomUUID) { return crypto.randomUUID(); }
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    var hex = Array.from(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  function makeCell(row) {
    var cell = {
      row: row, measure: row.dataset.measure, entry: row.dataset.entry, busy: false,
      value: row.querySelector(".value"), choice: row.querySelector(".choice"), reason: row.querySelector(".line input"),
      echo: row.querySelector(".echo"), state: row.querySelector(".reading .state"), line: row.querySelector(".line"),
      fault: row.querySelector(".cell-fault"), more: row.querySelector("details")
    };
    cell.saved = said(cell);
    cell.reading = cell.echo.textContent;
    cell.value.addEventListener("input", function () {
      if (cell.value.value !== "" && cell.choice.value !== "value") { choose(cell, "value"); }
      keep(cell);
    });
    cell.value.addEventListener("blur", function () { send(cell); });
    if (cell.value.tagName === "SELECT") { cell.value.addEventListener("change", function () { choose(cell, "value"); send(cell); }); }
    cell.choice.addEventListener("change", function () {
      choose(cell, cell.choice.value);
      if (cell.choice.value !== "value") { send(cell); } else { cell.value.focus(); }
    });
    cell.reason.addEventListener("change", function () { send(cell); });
    cell.value.addEventListener("paste", function (event) { paste(cell, event); });
    row.addEventListener("keydown", function (event) { key(cell, event); });
    return cell;
  }

  function said(cell) {
    return { text: cell.value.value.trim(), choice: cell.choice.value, reason: cell.reason.value.trim() };
  }
  function alike(one, other) {
    return one.text === other.text && one.choice === other.choice && one.reason === other.reason;
  }
  function choose(cell, choice) {
    cell.choice.value = choice;
    if (choice !== "value") { cell.value.value = ""; }
    cell.row.querySelector(".cell-field").classList.toggle("chosen", choice !== "value");
  }
  function keep(cell) {
    var now = said(cell);
    cell.echo.textContent = alike(now, cell.saved) ? cell.reading : "";  // what is read aloud beneath is what is saved
    var before = kept[cell.measure];
    if (before && before.id) { return; }  // what is on its way is settled first
    if (alike(now, cell.saved)) { delete kept[cell.measure]; } else { kept[cell.measure] = now; }
    write();
  }

  // One save of a cell at a time: what is on its way is settled, under its own number, before anything newer goes.
  function send(cell) {
    var now = said(cell);
    var waiting = kept[cell.measure];
    if (cell.busy) { return; }
    if (!waiting || !waiting.id) {
      if (alike(now, cell.saved) || (now.choice === "value" && now.text === "" && cell.saved.text === "" && cell.saved.choice === "value")) {
        delete kept[cell.measure];
        write();
        wrong(cell, "");
        cell.echo.textContent = cell.reading;
        mark(cell, "", "");
        return;
      }
      waiting = { text: now.text, choice: now.choice, reason: now.reason, id: number(), replaces: cell.entry };
      kept[cell.measure] = waiting;
      write();
    }
    cell.busy = true;
    mark(cell, "saving", words.saving);
    post(waiting, cell.measure, true).then(function (answer) { settle(cell, waiting, answer); }, function () { later(cell); });
  }

  function post(waiting, measure, again) {
    return fetch(words.one, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token.value, Accept: "application/json" },
      body: JSON.stringify({ id: waiting.id, measure: measure, text: waiting.text, choice: waiting.choice, reason: waiting.reason, replaces: waiting.replaces })
    }).then(function (answer) {
      if (answer.status === 400 && again) {
        return fresh().then(function () { return post(waiting, measure, false); });
      }
      if (answer.status === 401 || answer.status === 400) { ended(); throw new Error("ended"); }
      if (answer.status === 200 || answer.status === 409 || answer.status === 422) {
        return answer.json().then(function (told) { return { status: answer.status, told: told }; });
      }
      throw new Error(String(answer.status));
    });
  }
  function fresh() {
    return fetch(words.token, { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) { ended(); throw new Error("ended"); }
      return answer.json().then(function (told) { token.value = told.token; });
    });
  }

  function settle(cell, waiting, answer) {
    var told = answer.told;
    cell.busy = false;
    pause = 1000;
    delete kept[cell.measure];
    if (answer.status === 200) {
      cell.saved = { text: waiting.text, choice: waiting.choice, reason: waiting.reason };
      cell.entry = told.entry;
      form.elements["k-" + cell.measure].value = told.entry;
      cell.row.toggleAttribute("data-waits", told.waits);
      cell.row.classList.toggle("empty", told.waits);
      cell.row.classList.toggle("done", !told.waits);
      cell.row.classList.remove("returned");
      cell.row.querySelectorAll(".returned-why").forEach(function (why) { why.remove(); });
      cell.reading = cell.echo.textContent = told.reading;
      ask(cell, told);
      wrong(cell, "");
      mark(cell, "saved", words.saved + " " + told.saved_at);
      count();
      refused(cell);
    } else if (answer.status === 409 && told.standing) {
      cell.again = false;
      conflict(cell, waiting, told);
    } else {
      wrong(cell, told.error);
      mark(cell, "refused", "");
      cell.again = true;
      kept[cell.measure] = said(cell);
    }
    write();
    calm();
    if (!alike(said(cell), waiting)) { keep(cell); if (document.activeElement !== cell.value) { send(cell); } }
  }
  // A figure may have been refused for what stood in the cell just saved: those that were refused are asked again.
  function refused(saved) {
    cells.forEach(function (cell) {
      if (cell !== saved && cell.row.dataset.save === "refused" && cell.again && document.activeElement !== cell.value) { send(cell); }
    });
  }
  function later(cell) {
    cell.busy = false;
    wrong(cell, "");
    mark(cell, "unsent", words.unsent);
    if (!stateLine.dataset.ended) { line(words.waiting); }
    clearTimeout(timer);
    timer = setTimeout(sendKept, pause);
    pause = Math.min(pause * 2, 30000);
  }
  function sendKept() {
    Object.keys(kept).forEach(function (measure) { if (kept[measure].id && byMeasure[measure]) { send(byMeasure[measure]); } });
  }
  function calm() {
    if (!Object.keys(kept).some(function (measure) { return kept[measure].id; })) { delete stateLine.dataset.ended; line(pasted); }
  }

  function mark(cell, kind, text) {
    cell.row.dataset.save = kind;
    cell.state.textContent = text;
  }
  function wrong(cell, text) {
    cell.fault.textContent = text || "";
    cell.fault.hidden = !text;
    if (text) { cell.value.setAttribute("aria-invalid", "true"); } else { cell.value.removeAttribute("aria-invalid"); }
  }
  function ask(cell, told) {
    cell.line.hidden = !told.asks;
    cell.line.querySelector("label").textContent = told.asks;
  }
  function conflict(cell, waiting, told) {
    var standing = told.standing;
    wrong(cell, standing.by + " " + words.by + " " + standing.reading + " (" + standing.saved_at + ") ");
    [[words.mine, function () { cell.entry = standing.entry; wrong(cell, ""); send(cell); }],
     [words.theirs, function () { location.reload(); }]].forEach(function (each) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn plain";
      button.textContent = each[0];
      button.addEventListener("click", each[1]);
      cell.fault.append(button, " ");
    });
    mark(cell, "refused", "");
  }
  function line(text) {
    stateLine.textContent = text;
    stateLine.hidden = !text;
  }
  function ended() {
    stateLine.dataset.ended = "yes";
    line(words.ended + " ");
    var door = document.createElement("a");
    door.href = words.door;
    door.textContent = words.enterAgain;
    stateLine.append(door);
  }
  function count() {
    var left = form.querySelectorAll("tr[data-waits]").length;
    var shown = document.getElementById("da-xong");
    if (!words.partly) { shown.textContent = words.done.replace("#", cells.length - left); }
  }

  // Enter, arrows: the next cell; → at the end of the text: the menu; Ctrl+Enter: the details.
  function key(cell, event) {
    var from = event.target;
    if (event.key === "Enter" && event.ctrlKey) {
      cell.more.open = !cell.more.open;
      event.preventDefault();
    } else if (from === cell.reason && event.key === "Enter") {
      event.preventDefault();
      go(cell, 1);
    } else if (from === cell.value && (event.key === "Enter" || (event.key === "ArrowDown" && from.tagName !== "SELECT"))) {
      event.preventDefault();
      go(cell, 1);
    } else if (from === cell.value && event.key === "ArrowUp" && from.tagName !== "SELECT") {
      event.preventDefault();
      go(cell, -1);
    } else if (from === cell.value && event.key === "ArrowRight" && (from.tagName === "SELECT" || from.selectionEnd === from.value.length)) {
      event.preventDefault();
      cell.choice.focus();
    } else if (from === cell.choice && event.key === "ArrowLeft") {
      event.preventDefault();
      cell.value.focus();
    } else if (from === cell.choice && event.key === "Enter") {
      event.preventDefault();
      go(cell, 1);
    }
  }
  function go(cell, by) {
    var next = cells[cells.indexOf(cell) + by];
    if (!next) { cell.value.blur(); return; }
    next.value.focus();
    if (next.value.select) { next.value.select(); }
  }

  // A column copied from a sheet fills downwards from here, row by row of the page; what falls on a locked row is left out, and said.
  function paste(cell, event) {
    var lines = (event.clipboardData.getData("text") || "").replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    if (lines.length < 2) { return; }
    event.preventDefault();
    var rows = Array.from(form.querySelectorAll("tr.cell")), at = rows.indexOf(cell.row), last = cell, filled = 0, left = 0;
    lines.forEach(function (text, line) {
      var row = rows[at + line], value = text.split("\t")[0].trim();
      if (!row || value === "") { return; }
      var each = byMeasure[row.dataset.measure];
      if (!each) { left += 1; return; }
      choose(each, "value");
      each.value.value = value;
      last = each;
      filled += 1;
      if (each.value.value === value) { keep(each); send(each); }
    });
    pasted = left ? words.pasted.replace("#", filled).replace("@", left) : "";
    line(pasted);
    last.value.focus();
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    cells.forEach(send);
    if (document.activeElement) { document.activeElement.blur(); }
  });
  window.addEventListener("online", function () { pause = 1000; sendKept(); });

  // Tab goes from cell to cell where there is a keyboard; the menu is one → away.
  if (window.matchMedia("(pointer: fine)").matches) {
    form.querySelectorAll(".choice, .cell-more summary").forEach(function (each) { each.tabIndex = -1; });
  }
  if (form.querySelector(".returned-why") && cells.length < Number(words.all)) { words.partly = "yes"; }

  // What was typed before the page was left, or before its reader signed in again.
  Object.keys(kept).forEach(function (measure) {
    var cell = byMeasure[measure];
    if (!cell) { delete kept[measure]; return; }
    var waiting = kept[measure];
    choose(cell, waiting.choice);
    cell.value.value = waiting.text;
    cell.reason.value = waiting.reason;
    send(cell);
  });
  write();
})();
