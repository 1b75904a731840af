import type { Range } from '../../../history/ranges.ts'
import { type AccessPath, costs, isDirect } from './access-paths.ts'
import type { Steps } from './request.ts'
import type { ScanSteps } from './steps.ts'

export function bestPath(
  paths: AccessPath[],
  range: Range,
  isDescending: boolean,
  { reach, isShort, limits }: Pick<ScanSteps, 'reach' | 'isShort'> & { limits: Steps },
): AccessPath {
  const direct = paths.find((path) => isDirect(path) && path.isOrdered)
  if (direct || paths.length === 1) return direct ?? paths[0]!
  const ordered = paths.filter(({ isOrdered }) => isOrdered)
  const ends = ordered.map((path) => ({ path, end: reach(path, range, isDescending, limits.probed) }))
  const short = ends.filter(({ end }) => end === undefined).map(({ path }) => path)
  if (short.length > 0) return short.reduce((best, path) => (path.rowCost < best.rowCost ? path : best))
  const sorted = paths.find((path) => !path.isOrdered && isShort(path, range, limits.sorted))
  if (sorted) return sorted
  // All lead through the same rows, so the shortest steps begin where the table does.
  const near = isDescending ? Math.max(...ends.map(({ end }) => end!)) : Math.min(...ends.map(({ end }) => end!))
  const costOf = ({ rowCost, words }: AccessPath) => rowCost + (words === undefined ? 0 : costs.looked)
  const progress = ({ path, end }: (typeof ends)[number]) => (Math.abs(end! - near) + 1) / costOf(path)
  return ends.reduce((best, one) => (progress(one) > progress(best) ? one : best)).path
}
