// .heartbeat: a tip for each two minutes of the last hour, by pointer or arrow keys. Its bars are drawn by
// src/web/health/last-hour.ts.

import { clock, relative } from '../page/times.js'

const slotMs = 120_000
const words = { good: 'Healthy', working: 'Busy', waiting: 'Degraded', bad: 'Down', idle: 'Not checked' }
const gap = 9
const margin = 8

const tip = document.createElement('div')
tip.className = 'tip'
tip.setAttribute('role', 'status')
document.body.append(tip)

let shown

function slotsOf(bar) {
  const slots = []
  for (const path of bar.querySelectorAll('path:not(.dot)')) {
    const tone = path.getAttribute('class')
    let index = 0
    for (const [, gap, length] of path.getAttribute('d').matchAll(/M(\d+),[\d.]+h(\d+)/gi)) {
      index += Number(gap)
      for (const end = index + Number(length); index < end; index++)
        slots[index] = { at: Number(bar.dataset.hour) * 1000 + index * slotMs, tone }
    }
  }
  return slots
}

function line(className, text) {
  const span = document.createElement('span')
  span.className = className
  span.textContent = text
  return span
}

function show(bar, slots, index) {
  const slot = slots[index]
  const range = `${clock(slot.at)}–${clock(slot.at + slotMs)}`
  tip.replaceChildren(
    line(`tone ${slot.tone}`, words[slot.tone]),
    line('aside', `${range} · ${relative(new Date(slot.at).toISOString())}`),
  )
  shown = { bar, index, at: slot.at, isLast: index === slots.length - 1 }
  place(bar, (index + 0.5) / slots.length)
  tip.classList.add('shown')
}

function place(bar, share) {
  const box = bar.getBoundingClientRect()
  const x = box.left + share * box.width
  const end = document.documentElement.clientWidth - tip.offsetWidth - margin
  const isAbove = box.top > tip.offsetHeight + gap + margin
  tip.style.left = `${Math.max(margin, Math.min(x - tip.offsetWidth / 2, end))}px`
  tip.style.top = `${isAbove ? box.top - gap - tip.offsetHeight : box.bottom + gap}px`
}

function hide() {
  shown = undefined
  tip.classList.remove('shown')
}

const barOf = (event) => event.target.closest?.('.heartbeat[data-hour]')

document.addEventListener('pointermove', (event) => {
  const bar = barOf(event)
  if (!bar) {
    if (shown && !shown.bar.matches(':focus-visible')) hide()
    return
  }
  const slots = slotsOf(bar)
  const box = bar.getBoundingClientRect()
  const index = Math.floor(((event.clientX - box.left) / box.width) * slots.length)
  show(bar, slots, Math.max(0, Math.min(index, slots.length - 1)))
})

document.addEventListener('focusin', (event) => {
  const bar = barOf(event)
  if (!bar?.matches(':focus-visible')) return
  const slots = slotsOf(bar)
  show(bar, slots, slots.length - 1)
})

document.addEventListener('focusout', (event) => {
  if (barOf(event)) hide()
})

const moves = {
  ArrowLeft: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  Home: () => 0,
  End: () => Number.POSITIVE_INFINITY,
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && shown) return hide()
  const bar = barOf(event)
  const move = moves[event.key]
  if (!bar || !move || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const slots = slotsOf(bar)
  const index = shown?.bar === bar ? shown.index : slots.length
  show(bar, slots, Math.max(0, Math.min(move(index), slots.length - 1)))
})

// The tip moves with its bar, or stays with the newest.
document.addEventListener('htmx:after:swap', () => {
  if (!shown) return
  const slots = shown.bar.isConnected ? slotsOf(shown.bar) : []
  const index = shown.isLast ? slots.length - 1 : slots.findIndex(({ at }) => at === shown.at)
  if (index >= 0) show(shown.bar, slots, index)
  else hide()
})

addEventListener('scroll', hide, { capture: true, passive: true })
