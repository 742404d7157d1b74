// Inside the company's page: tells it how high this page is, so that nothing is cut and nothing scrolls twice.

/** Tell now and at every change; the height is no secret, so whoever frames the page may hear it. */
export function keepFrameHeight() {
  if (window.parent === window) return;
  const tell = (began) => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    window.parent.postMessage({ talon: "booking", height, began }, "*");
  };
  tell(true);
  new ResizeObserver(() => tell(false)).observe(document.body);
}
