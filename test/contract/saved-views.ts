import { expect, test } from 'vitest'
import type { SavedView } from '../../src/store/ports/saved-views.ts'
import type { OpenStore } from './open.ts'

const view = (id: string, name: string): SavedView => ({ id, name, query: 'status=failed', createdAt: 1 })

export function savedViewContract(open: OpenStore): void {
  test('views come back as they were saved, in that order', async () => {
    const { views } = await open()
    expect(await views.all()).toEqual([])
    for (const id of ['b', 'a']) expect(await views.add(view(id, `View ${id}`), 9)).toBe('added')
    expect(await views.all()).toEqual([view('b', 'View b'), view('a', 'View a')])
    expect(await views.remove('b')).toBe(true)
    expect(await views.remove('b')).toBe(false)
    expect(await views.all()).toEqual([view('a', 'View a')])
  })

  test('a name is given once, whatever its case', async () => {
    const { views } = await open()
    await views.add(view('a', 'Übersicht'), 9)
    await views.add(view('b', 'Failed'), 9)
    expect(await views.add(view('c', 'übersicht'), 9)).toBe('taken')
    expect(await views.rename('a', 'FAILED')).toBe('taken')
    expect(await views.rename('a', 'ÜBERSICHT')).toBe('renamed')
    expect(await views.rename('none', 'Other')).toBe('gone')
    expect((await views.all()).map(({ name }) => name)).toEqual(['ÜBERSICHT', 'Failed'])
  })

  test('there are so many at most, and each change moves the revision', async () => {
    const store = await open()
    const before = store.revision()
    await store.views.add(view('a', 'One'), 1)
    const after = store.revision()
    expect(after).not.toBe(before)
    expect(await store.views.add(view('b', 'Two'), 1)).toBe('full')
    expect(await store.views.all()).toHaveLength(1)
  })
}
