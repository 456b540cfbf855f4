document.documentElement.dataset.widget = 'clock'
