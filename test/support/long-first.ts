import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Their files start browsers and processes, or run a whole battery. */
const long = /\/test\/(?:contract|cluster|e2e|process)\//

/** Long files come first: one that begins last keeps one worker busy while the other has nothing to do. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // By the time they took before, where that is known, else by their size, which says little.
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
