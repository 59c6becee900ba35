"use strict";
(() => {
  const { figures, config } = JSON.parse(document.getElementById("chart-data").textContent);
  const charts = [...document.querySelectorAll(".chart")];
  const chosen = () => (document.getElementById("lang-ja").checked ? "ja" : "en");

  // Plotly writes into what it is given, so every drawing gets a copy.
  const draw = (width) => {
    for (const chart of charts) {
      const { data, layout } = structuredClone(figures[chart.dataset.chart][chosen()]);
      Plotly.react(chart, data, { ...layout, width, autosize: !width }, config);
    }
  };
  const speak = () => {
    document.documentElement.lang = chosen();
    for (const image of document.images) image.alt = image.dataset[chosen()];
    draw();
  };

  for (const button of document.querySelectorAll("input[name=lang]")) button.addEventListener("change", speak);
  // A4 less its margins is 688 CSS pixels wide, in two columns; without this charts keep the screen's width and are cut.
  // Paper cannot be unfolded, so everything folded is opened first.
  const folded = [...document.querySelectorAll("details")];
  let open = [];
  window.addEventListener("beforeprint", () => {
    open = folded.map((one) => one.open);
    for (const one of folded) one.open = true;
    draw(336);
  });
  window.addEventListener("afterprint", () => {
    folded.forEach((one, k) => { one.open = open[k]; });
    draw();
  });
  // A browser that goes back to this page keeps the language that was chosen before.
  window.addEventListener("pageshow", speak);
})();
