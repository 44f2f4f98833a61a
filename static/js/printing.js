// A button that opens the print dialog. Without this file it is not there, and the browser's own command prints.
(function () {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  }
})();
