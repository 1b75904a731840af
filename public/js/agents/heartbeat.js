// .heartbeat: a tip for each check, by pointer or arrow keys. The data comes from src/web/health/heartbeat.ts.

import { relative } from '../page/times.js'

const slots = 30
const outcomes = {
  u: ['good', 'Good answer'],
  g: ['waiting', 'Degraded'],
  b: ['working', 'Busy'],
  d: ['bad', 'Failed'],
}
const gap = 9
const margin = 8

const tip = document.createElement('div')
tip.className = 'tip'
tip.setAttribute('role', 'status')
document.body.append(tip)

let shown

function checksOf(bar) {
  let at = 0
  let known = ''
  return (bar.dataset.checks || '').split(' ').flatMap((text) => {
    const [, seconds, letter, latency, reason] = /^(\d+)([ugbd])(\d*)(?::(.*))?$/.exec(text) ?? []
    if (!letter) return []
    at += Number(seconds)
    if (reason) known = decodeURIComponent(reason)
    return { at: at * 1000, letter, latency, reason: reason === undefined ? '' : known }
  })
}

function line(className, text) {
  const span = document.createElement('span')
  span.className = className
  span.textContent = text
  return span
}

function show(bar, checks, index) {
  const check = checks[index]
  const [tone, word] = outcomes[check.letter]
  const iso = new Date(check.at).toISOString()
  const [, day, month, year, time] = new Date(check.at).toUTCString().split(' ')
  const latency =
    check.latency && (check.latency < 1000 ? `${check.latency} ms` : `${(check.latency / 1000).toFixed(1)} s`)
  const arrow = document.createElement('i')
  tip.replaceChildren(
    line(`state ${tone}`, latency ? `${word} · ${latency}` : word),
    ...(check.reason ? [line('aside', check.reason)] : []),
    line('aside', `${relative(iso) ?? ''} · ${Number(day)} ${month} ${year}, ${time} UTC`),
    arrow,
  )
  shown = { bar, index, check, isLast: index === checks.length - 1 }
  place(bar, slots - checks.length + index, arrow)
  tip.classList.add('shown')
}

function place(bar, slot, arrow) {
  const box = bar.getBoundingClientRect()
  const x = box.left + ((slot + 0.5) / slots) * box.width
  const left = Math.max(
    margin,
    Math.min(x - tip.offsetWidth / 2, document.documentElement.clientWidth - tip.offsetWidth - margin),
  )
  const isAbove = box.top > tip.offsetHeight + gap + margin
  tip.classList.toggle('below', !isAbove)
  tip.style.left = `${left}px`
  tip.style.top = `${isAbove ? box.top - gap - tip.offsetHeight : box.bottom + gap}px`
  arrow.style.left = `${x - left}px`
}

function hide() {
  shown = undefined
  tip.classList.remove('shown')
}

const barOf = (event) => event.target.closest?.('.heartbeat')

document.addEventListener('pointermove', (event) => {
  const bar = barOf(event)
  if (!bar) {
    if (shown && !shown.bar.matches(':focus-visible')) hide()
    return
  }
  const checks = checksOf(bar)
  const box = bar.getBoundingClientRect()
  const slot = Math.floor(((event.clientX - box.left) / box.width) * slots)
  const index = Math.min(slot, slots - 1) - (slots - checks.length)
  if (checks[index]) show(bar, checks, index)
  else hide()
})

document.addEventListener('focusin', (event) => {
  const bar = barOf(event)
  if (!bar?.matches(':focus-visible')) return
  const checks = checksOf(bar)
  if (checks.length > 0) show(bar, checks, checks.length - 1)
})

document.addEventListener('focusout', (event) => {
  if (barOf(event)) hide()
})

const moves = { ArrowLeft: (index) => index - 1, ArrowRight: (index) => index + 1, Home: () => 0, End: () => slots }

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && shown) return hide()
  const bar = barOf(event)
  const move = moves[event.key]
  if (!bar || !move || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const checks = checksOf(bar)
  if (checks.length === 0) return
  const index = shown?.bar === bar ? shown.index : checks.length
  show(bar, checks, Math.max(0, Math.min(move(index), checks.length - 1)))
})

// The tip moves with its check, or stays with the newest.
document.addEventListener('htmx:after:swap', () => {
  if (!shown) return
  const checks = checksOf(shown.bar)
  const index = shown.isLast
    ? checks.length - 1
    : checks.findLastIndex(({ at, letter }) => at === shown.check.at && letter === shown.check.letter)
  if (shown.bar.isConnected && index >= 0) show(shown.bar, checks, index)
  else hide()
})

addEventListener('scroll', hide, { capture: true, passive: true })
