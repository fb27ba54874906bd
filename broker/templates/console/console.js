// Two minutes before a session ends by itself its page says so, and asks (WCAG 2.2.1); and whoever sent off a form that takes its
// time is told so. Every page works without.
(() => {
  "use strict";
  const WARNING = 120000, LOOK = 60000, session = "/.vestibule/session";
  const idle = document.getElementById("idle"), over = document.getElementById("over");
  let timer = 0;
  const again = (after) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1000, after));
  };
  async function look() {
    let answer;
    try {
      answer = await fetch(session, { headers: { "Vestibule-Background": "1" }, cache: "no-store" });
    } catch {
      return again(LOOK);
    }
    if (answer.status === 401) {
      if (idle.open) idle.close();
      if (!over.open) over.showModal();
      return;
    }
    if (!answer.ok) return again(LOOK);
    const body = await answer.json();
    if (body.idle_expires_at === null) return again(LOOK);
    // By the server's own clock: this one may go wrong.
    const left = Date.parse(body.idle_expires_at) - Date.parse(body.now);
    if (left > WARNING) {
      if (idle.open) idle.close();
      return again(Math.min(LOOK * 5, left - WARNING));
    }
    if (!idle.open) idle.showModal();
    again(Math.min(LOOK / 4, left + 1000));
  }
  document.getElementById("idle-stay").addEventListener("click", async () => {
    idle.close();
    await fetch("/", { cache: "no-store" }).catch(() => undefined);
    look();
  });
  look();
  for (const form of document.querySelectorAll("form[data-slow]")) {
    const progress = form.querySelector("[data-progress]");
    form.addEventListener("submit", () => { progress.textContent = form.dataset.slow; });
    addEventListener("pageshow", () => { progress.textContent = ""; });
  }
})();
