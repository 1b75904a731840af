import { expect, test } from 'vitest'
import { filesUnder, readProjectFile } from './sources.ts'

const textsOf = (...kinds: [folder: string, extension: string][]) =>
  kinds
    .flatMap(([folder, extension]) => filesUnder(folder, extension))
    .map(readProjectFile)
    .join('\n')
const sheets = textsOf(['public/css', '.css'])
const all = (pattern: RegExp) => [...sheets.matchAll(pattern)].map(([, found]) => found!.trim())

/** They change where nothing moves. */
const colours = new Set(['color', 'background', 'border-color', 'opacity'])

test('styles move nothing but the ring: only colours change in time', () => {
  const transitions = all(/transition:([^;]+)/g).flatMap((value) => value.split(/,(?![^(]*\))/))
  const changed = transitions.map((one) => one.trim().split(/\s/)[0]!).filter((name) => name !== 'none')
  expect(changed.length).toBeGreaterThan(2)
  expect(changed.filter((name) => !colours.has(name))).toEqual([])
  const frames = [...sheets.matchAll(/@keyframes (\w+) \{((?:[^{}]*\{[^{}]*\})*)\s*\}/g)]
  expect(frames.map(([, name]) => name).sort()).toEqual(['breathe', 'tint', 'turn'])
  const properties = frames.flatMap(([, name, body]) =>
    [...body!.matchAll(/([\w-]+):/g)].filter(([, one]) => !colours.has(one!)).map(([, one]) => `${name}: ${one}`),
  )
  expect(properties).toEqual(['turn: rotate'])
  expect(all(/(scroll-behavior|@view-transition|@starting-style|transition-[a-z]+:|offset-path)/g)).toEqual([])
})

test('no script and no picture moves anything', () => {
  const moving = /\.animate\(|['"]smooth['"]|startViewTransition|<animate|<marquee|requestAnimationFrame/g
  const texts = textsOf(['public/js', '.js'], ['views', '.eta'], ['public', '.svg'])
  expect(texts.match(moving) ?? []).toEqual([])
})
