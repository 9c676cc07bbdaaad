/* Polish for forms; everything works without it. */
(function () {
  "use strict";

  /* A second click on "send" does nothing (the server would store only one answer anyway). */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("[data-send-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(function () {
      delete form.dataset.sent;
    }, 10000);
  });

  /* Coming back with the browser's button: the form can be sent again. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-send-once]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });

  var mistakes = document.querySelector("[data-focus]");
  if (mistakes) mistakes.focus();
})();
