import type { SeenAddress } from '../../../../shared/contract/devices.ts'
import type { AccessRule } from '../../../../shared/contract/doctor.ts'
import type { Knock } from '../../link/knock.ts'
import type { LineStats } from '../../link/line-book.ts'
import type { OwnNetwork } from '../../link/own-networks.ts'

/** Something that was looked at, or that could not be: then nothing is concluded from it. */
export type Fact<T> = { readonly known: true; readonly value: T } | { readonly known: false }

export const UNKNOWN = { known: false } as const
export const known = <T>(value: T): Fact<T> => ({ known: true, value })

/** A program that has a file open. */
export interface Holder {
  readonly pid: number
  readonly program: string
}

export interface Holders {
  readonly list: readonly Holder[]
  /** Programs of other accounts, into which nobody may look. */
  readonly hidden: number
}

export interface PortFacts {
  readonly path: string
  readonly exists: Fact<boolean>
  readonly allowed: Fact<boolean>
  /** The group whose members may use it. */
  readonly group: Fact<string>
  /** Without this console itself. */
  readonly holders: Fact<Holders>
  /** ms that an FTDI adapter waits for more bytes; null: it is none. */
  readonly latencyMs: Fact<number> | null
}

export interface UsbFacts {
  readonly place: string
  readonly vid: string | null
  readonly pid: string | null
  readonly exists: Fact<boolean>
  readonly allowed: Fact<boolean>
}

export interface NetFacts {
  readonly host: string
  readonly port: number
  /** Null: nobody knows the name. */
  readonly ip: Fact<string | null>
  readonly knock: Fact<Knock>
}

export interface DoctorFacts {
  readonly platform: string
  readonly user: string
  /** Null: the laptop as a whole. */
  readonly address: string | null
  /** What the console knows of who answers there; null: nobody was asked. */
  readonly answer: Pick<SeenAddress, 'state' | 'device' | 'reason'> | null
  readonly ports: readonly PortFacts[]
  readonly usb: UsbFacts | null
  readonly net: NetFacts | null
  readonly line: LineStats | null
  readonly networks: readonly OwnNetwork[]
  /** Pid of the program that takes serial ports for modems; null: it does not run. */
  readonly modemManager: Fact<number | null>
  /** Devices on the USB bus; null: there is no bus. */
  readonly usbBus: Fact<number | null>
  readonly udev: Fact<boolean> | null
  readonly rule: AccessRule | null
}
