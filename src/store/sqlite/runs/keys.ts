import type { RunKey } from '../../ports/runs.ts'
import type { Store } from '../file/open.ts'
import { eq, sql } from '../sql/drizzle.ts'
import { inputSchemas, runKeys } from '../sql/schema/runs.ts'

export function createRunKeys(db: Store['db']) {
  const byKey = db
    .select()
    .from(runKeys)
    .where(eq(runKeys.key, sql.placeholder('key')))
    .prepare()
  const schemaByHash = db
    .select({ text: inputSchemas.text })
    .from(inputSchemas)
    .where(eq(inputSchemas.hash, sql.placeholder('hash')))
    .prepare()

  return {
    /** The run that was accepted under a key, unless that was too long ago. */
    find({ key, expiresBefore }: RunKey) {
      const found = byKey.get({ key })
      return found && found.createdAt >= expiresBefore ? found : undefined
    },

    keep({ key, inputsHash, at }: RunKey, runId: string): void {
      const row = { key, runId, inputsHash, createdAt: at }
      // The run of a key that is known may have been deleted since.
      db.insert(runKeys).values(row).onConflictDoUpdate({ target: runKeys.key, set: row }).run()
    },

    keepSchema(hash: string, text: string): string {
      db.insert(inputSchemas).values({ hash, text }).onConflictDoNothing().run()
      return hash
    },

    schema: (hash: string): string | undefined => schemaByHash.get({ hash })?.text,
  }
}
