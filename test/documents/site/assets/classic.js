document.documentElement.dataset.classic = "ran"
