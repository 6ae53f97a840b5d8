// Turns from panel to panel and asks for the page again. One timer and two listeners for ever: nothing is added while it runs.
(function () {
  "use strict";
  var TICK_MS = 1000, PATIENCE_MS = 20000;
  var controls = document.getElementById("dieu-khien"), banner = document.getElementById("mat-ket-noi");
  var stopButton = document.getElementById("dung"), place = document.getElementById("trang"), words = controls.dataset;
  var hours = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  var days = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" });
  var current = "", turnedAt = performance.now(), askedAt = turnedAt, asking = null, stopped = false, base;

  function wall() { return document.getElementById("man-hinh"); }
  function write(node, text) { if (node && node.textContent !== text) { node.textContent = text; } }
  function mark() { base = { server: Date.parse(wall().dataset.now), steady: performance.now(), set: Date.now() }; }

  // The server's time, whatever the screen's own clock says; of two measures of what passed the longer, so that no figure looks younger.
  function now() { return base.server + Math.max(performance.now() - base.steady, Date.now() - base.set); }

  function age(from) {
    var seconds = Math.max(0, Math.floor((now() - from) / 1000));
    var step = seconds < 60 ? null : seconds < 3600 ? [60, words.minutes] : seconds < 86400 ? [3600, words.hours] : [86400, words.days];
    return step ? step[1].replace("{n}", String(Math.floor(seconds / step[0])).replace(/\B(?=(\d{3})+$)/g, ".")) : words.just;
  }

  function show(id, steps) {
    var panels = Array.prototype.slice.call(document.querySelectorAll(".panel"));
    var at = panels.findIndex(function (panel) { return panel.id === id; });
    at = (Math.max(at, 0) + steps + panels.length) % panels.length;
    panels.forEach(function (panel, number) { panel.classList.toggle("current", number === at); });
    current = panels[at].id;
    write(place, at + 1 + "/" + panels.length);
  }

  function turn(steps) {
    turnedAt = performance.now();
    show(current, steps);
  }

  function take(text) {
    var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.getElementById("man-hinh");
    if (!fresh) { throw new Error(); }
    if (program(page) !== program(document)) { location.reload(); return; }
    var held = document.activeElement && document.activeElement.id;
    wall().replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    tellLost(false);
    performance.clearResourceTimings();
    mark();
    show(current, 0);
    tell();
    if (held && document.getElementById(held)) { document.getElementById(held).focus(); }
  }

  function program(page) { return page.querySelector("script[src]").getAttribute("src"); }

  function tellLost(lost) {
    banner.hidden = !lost;
    document.body.classList.toggle("lost", lost);
  }

  function lose(fault) {
    var since = new Date(base.server), today = days.format(since) === days.format(new Date(now()));
    var told = words.lost.replace("{n}", hours.format(since) + (today ? "" : " " + days.format(since)));
    write(banner, told + (fault && fault.status ? " · " + words.fault.replace("{n}", fault.status) : ""));
    tellLost(true);
  }

  function ask() {
    if (asking) { return; }
    asking = new AbortController();
    askedAt = performance.now();
    fetch(location.href, { signal: asking.signal, cache: "no-store" })
      .then(function (answer) { if (!answer.ok) { throw { status: answer.status }; } return answer.text(); })
      .then(take).catch(lose).then(function () { asking = null; });
  }

  function tell() {
    var moment = new Date(now());
    write(document.getElementById("dong-ho"), hours.format(moment));
    write(document.getElementById("ngay"), days.format(moment));
    document.querySelectorAll("[data-age]").forEach(function (node) { write(node, age(Date.parse(node.dateTime))); });
  }

  function tick() {
    var at = performance.now(), screen = wall().dataset;
    tell();
    if (!stopped && at - turnedAt >= screen.seconds * 1000) { turn(1); }
    if (asking && at - askedAt >= PATIENCE_MS) { asking.abort(); }
    if (at - askedAt >= screen.refresh * 1000) { ask(); }
  }

  controls.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (button === stopButton) {
      stopped = !stopped;
      turnedAt = performance.now();
      write(stopButton, stopped ? words.go : words.stop);
    } else if (button) { turn(Number(button.dataset.step)); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") { turn(event.key === "ArrowRight" ? 1 : -1); }
  });
  window.addEventListener("online", ask);

  document.body.classList.add("turning");
  controls.querySelector(".turn").hidden = false;
  mark();
  turn(0);
  setInterval(tick, TICK_MS);
})();
