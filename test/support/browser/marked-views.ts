import { relative, resolve } from 'node:path'
import { projectFile } from '../../../src/folders.ts'

const begin = /<(?:a|button|summary|select|input|<%= element %>)(?=[\s>])/g

/** Where each tag begins that may be a control: `history/_runs.eta:12`. */
function placesOf(path: string, template: string) {
  const file = relative(projectFile('views'), resolve(path))
  const perLine = new Map<number, number>()
  return [...template.matchAll(begin)].map(({ index, 0: text }) => {
    const line = template.slice(0, index).split('\n').length
    const before = perLine.get(line) ?? 0
    perLine.set(line, before + 1)
    return { from: `${file}:${line}${'abcdefgh'[before - 1] ?? ''}`, at: index + text.length, index }
  })
}

/** Gives each control of a template its place as an attribute. */
export function markControls(path: string, template: string): string {
  let marked = template
  for (const { from, at } of placesOf(path, template).reverse())
    marked = `${marked.slice(0, at)} data-from="${from}"${marked.slice(at)}`
  return marked
}

/** A field to type into is no control, nor is what has to be there without JavaScript. */
const others = /^<input(?!.*type="(?:checkbox|radio|file)")|\bno-js\b|aria-hidden="true"/s

export function controlsOf(path: string, template: string): { from: string; tag: string }[] {
  return placesOf(path, template)
    .map(({ from, index }) => ({ from, tag: tagAt(template, index) }))
    .filter(({ tag }) => !others.test(tag))
}

/** A tag as it is written, with what its own code prints. */
function tagAt(template: string, index: number): string {
  const [tag = ''] = /^<(?:<%.*?%>|[^<>])*>/s.exec(template.slice(index)) ?? []
  return tag.replace(/\s+/g, ' ')
}
