document.documentElement.dataset.widget = 'calendar'
