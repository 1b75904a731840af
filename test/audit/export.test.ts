import { expect, test } from 'vitest'
import { ask } from '../support/access/people.ts'
import { openTrail, runEntry, url } from '../support/audit/trail.ts'
import { openGivenStore } from '../support/store/database.ts'
import { connect } from '../support/store/store.ts'

test('an export has every entry that matches, and is recorded with who asked for it', async () => {
  const { app, cookie, found } = await openTrail([
    runEntry('r1', 'writer'),
    runEntry('r2', 'editor', { actorName: '=HYPERLINK("http://x")', details: { rerun_of: 'r1' } }),
  ])
  const exported = (query: string, method: 'GET' | 'HEAD' = 'GET') =>
    ask(app, cookie, `${url}/export?${query}`, { method })
  await exported('format=csv', 'HEAD')
  const lines = await exported('format=ndjson&action=run.execute')
  expect(lines.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
  expect(lines.headers['content-disposition']).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.ndjson"$/)
  expect(
    lines.payload
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual((await found('action=run.execute')).entries)

  const { payload } = await exported('format=csv&agent=editor')
  expect(payload).toBe(
    [
      '\ufeff"at_utc","by","by_id","by_role","action","subject_kind","subject_id","subject_name","agent_id","details","address"',
      `2026-11-20 09:01:00,"'=HYPERLINK(""http://x"")","user:=HYPERLINK(""http://x"")","operator","run.execute","run","r2",,"editor","{""rerun_of"":""r1""}","'10.0.0.7"`,
      '',
    ].join('\r\n'),
  )
  const { entries } = await found('action=audit.export')
  expect(entries).toMatchObject([
    { by: { name: 'ann' }, details: { format: 'csv', agent: 'editor' }, address: '127.0.0.1' },
    { by: { name: 'ann' }, details: { format: 'ndjson', action: 'run.execute' } },
  ])
  expect((await exported('format=xml')).statusCode).toBe(422)
})

test('100,000 entries are read as fast as they are taken, and meanwhile others are answered', async () => {
  let reads = 0
  const { app, cookie } = await openTrail(
    [],
    { ann: 'admin' },
    {
      openStore: async (...given) => {
        const store = await openGivenStore(...given)
        const { list } = store.audit
        return Object.assign(store, {
          audit: {
            ...store.audit,
            list: (...asked: Parameters<typeof list>) => {
              reads++
              return list(...asked)
            },
          },
        })
      },
    },
  )
  connect(app.db).exec(`
    WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 100000)
    INSERT INTO dashboard_audit (at, actor_id, actor_name, actor_role, action) SELECT n, 'local', 'local', 'admin', 'agent.check'
    FROM many`)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const get = (path: string) => fetch(address + path, { headers: { accept: 'application/json', cookie } })
  const reader = (await get(`${url}/export?format=ndjson&by=local&action=agent.check`)).body!.getReader()
  let text = ''
  const take = async () => {
    const { done, value } = await reader.read()
    text += value === undefined ? '' : Buffer.from(value).toString()
    return !done
  }
  await take()
  expect(await (await get(`${url}?by=local&action=agent.check&limit=1`)).json()).toMatchObject({
    entries: [{ by: { name: 'local' } }],
  })
  const early = reads
  while (await take());
  expect(text.match(/\n/g)).toHaveLength(100_000)
  expect(reads - early).toBeGreaterThan(50)
})
