import type { SlipwayContract } from '../../../shared/contract/index.ts'
import type { Handlers } from '../../../shared/rpc/define.ts'
import type { Ctx } from './context.ts'
import { live } from './live.ts'
import type { Services } from './services.ts'

export const peopleHandlers = ({ people, devices }: Services): Handlers<SlipwayContract, Ctx>['people'] => ({
  list: () => live(() => people.list(), people),
  enrol: ({ name, passphrase }) => people.enrol(name, passphrase),
  request: ({ operator }) => people.request(operator),
  signIn: async ({ operator, passphrase }) => {
    const session = await people.signIn(operator, passphrase)
    // Devices that want a login may open to this person's.
    devices.lookAgain()
    return session
  },
  signOut: async () => {
    await people.signOut()
    return null
  },
  changePassphrase: async ({ old, next }) => {
    await people.changePassphrase(old, next)
    return null
  },
  storeCredential: async ({ address, ...login }) => {
    await people.storeCredential(address, login)
    devices.lookAgain()
    return null
  },
})
