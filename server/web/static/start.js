// The administrator's switch of an office's reception on the start page.
import { _, loadWords } from "/shared/words.js";
import { send } from "./api.js";

await loadWords("web", document.documentElement.lang);
for (const group of document.querySelectorAll(".reception")) {
  let kept = group.querySelector("input:checked");
  const answer = group.querySelector(".answer");
  group.addEventListener("change", async ({ target }) => {
    group.disabled = true;
    const result = await send(`offices/${group.dataset.office}/reception`, { mode: target.value });
    group.disabled = false;
    if (result.ok) {
      kept = target;
      answer.textContent = _("Done.");
      window.location.reload();
    } else {
      if (kept) kept.checked = true;
      answer.textContent = result.detail;
    }
  });
}
