// Puts the booking pages into a page of the company:
// <script src="https://queue.example/widget.js" data-office="zarechny" data-language="ru" async></script>
// The tag stands in the body, where the pages are to appear. Nothing here is inline code, and no style
// attribute is written: it works under a strict policy of the page.
(() => {
  const script = document.currentScript;
  const { office, language = "ru" } = script.dataset;
  const origin = new URL(script.src).origin;
  const address = new URL(office ? `/book/${encodeURIComponent(office)}` : "/book", origin);
  address.search = new URLSearchParams({ frame: "1", language });

  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = { ru: "Запись на приём", kk: "Қабылдауға жазылу" }[language] ?? "Booking a visit";
  frame.style.width = "100%";
  frame.style.height = "640px";
  frame.style.border = "0";
  script.after(frame);

  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow || event.data?.talon !== "booking") return;
    frame.style.height = `${Number(event.data.height)}px`;
    // The next question begins at its top, which may lie above what is in sight.
    if (event.data.began && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
})();
