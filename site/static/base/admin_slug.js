// Wagtail makes "dj-an" of "Đề án" while the title is typed. Letters lose their marks here first, as on the server.
(() => {
  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D");
  for (const name of ["w-sync:check", "w-sync:apply"]) {
    document.addEventListener(
      name,
      (event) => {
        if (event.target.id === "id_slug" && typeof event.detail?.value === "string") {
          event.detail.value = fold(event.detail.value);
        }
      },
      true,
    );
  }
})();
