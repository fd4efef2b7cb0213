import type { DemoState } from '../../../shared/contract/demo.ts'
import { table } from '../table.ts'
import type { Views } from './types.ts'
import { blocks } from './words.ts'

export const demoViews: Views = {
  'demo.state': ({ steps, devices }: DemoState) =>
    blocks(
      table(
        ['step', 'state', 'facts'],
        steps.map(({ id, state, facts }) => [id, state, Object.values(facts).join('  ')]),
      ),
      table(
        ['device', 'name', 'address', 'plays'],
        devices.map(({ id, name, address, fault }) => [id, name, address, fault]),
      ),
    ),
}
