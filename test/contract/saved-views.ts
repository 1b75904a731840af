import { expect, test } from 'vitest'
import type { SavedView } from '../../src/store/ports/saved-views.ts'
import type { OpenStore } from './open.ts'

const nobody = { owner: null, isShared: false }
const view = (id: string, name: string, more: Partial<SavedView> = nobody): SavedView => ({
  ...{ id, name, query: 'status=failed', createdAt: 1 },
  ...nobody,
  ...more,
})

export function savedViewContract(open: OpenStore): void {
  test('views come back as they were saved, in that order', async () => {
    const { views } = await open()
    expect(await views.all(null)).toEqual([])
    for (const id of ['b', 'a']) expect(await views.add(view(id, `View ${id}`), 9)).toBe('added')
    expect(await views.all(null)).toEqual([view('b', 'View b'), view('a', 'View a')])
    expect(await views.remove('b')).toBe(true)
    expect(await views.remove('b')).toBe(false)
    expect(await views.all(null)).toEqual([view('a', 'View a')])
  })

  test('a name is given once, whatever its case', async () => {
    const { views } = await open()
    await views.add(view('a', 'Übersicht'), 9)
    await views.add(view('b', 'Failed'), 9)
    expect(await views.add(view('c', 'übersicht'), 9)).toBe('taken')
    expect(await views.change('a', { name: 'FAILED' })).toBe('taken')
    expect(await views.change('a', { name: 'ÜBERSICHT' })).toBe('changed')
    expect(await views.change('none', { name: 'Other' })).toBe('gone')
    expect((await views.all(null)).map(({ name }) => name)).toEqual(['ÜBERSICHT', 'Failed'])
  })

  test('there are so many at most, and each change moves the revision', async () => {
    const store = await open()
    const before = store.revision()
    await store.views.add(view('a', 'One'), 1)
    const after = store.revision()
    expect(after).not.toBe(before)
    expect(await store.views.add(view('b', 'Two'), 1)).toBe('full')
    expect(await store.views.all(null)).toHaveLength(1)
  })

  test('each has views of their own, under any name, and sees those that are shared', async () => {
    const { views } = await open()
    const seenBy = async (reader: string | null) => (await views.all(reader)).map(({ id }) => id)
    const of = (owner: string) => ({ owner, isShared: false })
    expect(await views.add(view('all', 'Failed'), 9)).toBe('added')
    expect(await views.add(view('a', 'Own', of('ann')), 1)).toBe('added')
    expect(await views.add(view('b', 'Own', of('bob')), 1)).toBe('added')
    expect(await views.add(view('b2', 'Other', of('bob')), 1)).toBe('full')
    expect(await views.add(view('a2', 'failed', of('ann')), 9)).toBe('taken')
    expect([await seenBy('ann'), await seenBy('bob'), await seenBy(null)]).toEqual([
      ['all', 'a'],
      ['all', 'b'],
      ['all'],
    ])
    expect(await views.change('a', { isShared: true })).toBe('changed')
    expect([await seenBy('ann'), await seenBy('bob'), await seenBy(null)]).toEqual([
      ['all', 'a'],
      ['all', 'a', 'b'],
      ['all', 'a'],
    ])
    expect((await views.all('bob'))[1]).toEqual(view('a', 'Own', { owner: 'ann', isShared: true }))
    expect(await views.add(view('c', 'own', of('cid')), 9)).toBe('taken')
    expect(await views.change('a', { isShared: false })).toBe('changed')
    expect(await seenBy('bob')).toEqual(['all', 'b'])
  })
}
