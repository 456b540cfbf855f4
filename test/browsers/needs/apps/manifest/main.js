document.body.dataset.done = 'started'
