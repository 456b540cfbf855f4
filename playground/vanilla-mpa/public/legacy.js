/* From the site's first life: counts visits, and is loaded as it always was. */
;(function () {
  var visits = Number(localStorage.getItem('marsh-visits') || 0) + 1
  localStorage.setItem('marsh-visits', String(visits))
  document.addEventListener('DOMContentLoaded', function () {
    var target = document.querySelector('[data-legacy]')
    if (target) target.textContent = visits === 1 ? 'Your first visit.' : 'Visit number ' + visits + '.'
  })
})()
