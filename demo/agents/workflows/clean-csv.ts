import { madeUp, optional, required, type Workflow } from '../workflow.ts'

export const cleanCsv: Workflow = {
  workflow: 'clean_csv',
  inputs: {
    file: required('str', 'File to clean'),
    date_columns: optional('list[str]', 'Columns that hold dates', []),
    drop_duplicates: optional('bool', 'Leave out rows that are there twice', true),
    rename: optional('dict[str, str]', 'New names of columns', {}),
  },
  outputs: ['file', 'rows', 'removed', 'problems'],
  message: madeUp,
  work: { seconds: [22, 75], tokens: [4_400, 16_000], usdPerToken: 0.0000037 },

  sample: (random) => ({
    file: `${random.pick(['orders', 'customers', 'shipments', 'returns'])}-2026-${random.pick(['09', '10', '11'])}.csv`,
    ...(random.chance(0.5) && { date_columns: ['created_at', 'shipped_at'] }),
    ...(random.chance(0.2) && { rename: { 'Order No.': 'order_id' } }),
  }),

  run(inputs) {
    const { file } = inputs as { file: string }
    const rows = [...file].reduce((sum, character) => sum + character.charCodeAt(0) * 31, 0)
    const removed = rows % 97
    return {
      file: file.replace(/(\.csv)?$/, '.clean.csv'),
      rows: rows - removed,
      removed,
      problems: [
        { column: 'created_at', rows: rows % 53, fixed: true, reason: 'day and month were swapped' },
        { column: 'amount', rows: rows % 19, fixed: false, reason: 'no number' },
      ],
    }
  },
}
