/** Where a device's firmware lies, as strict as flash is: what was not erased cannot be written. */
export class Flash {
  readonly base: number
  readonly sectorSize: number
  readonly bytes: Uint8Array

  constructor(base: number, sectors: number, sectorSize: number, content: Uint8Array = new Uint8Array()) {
    this.base = base
    this.sectorSize = sectorSize
    this.bytes = new Uint8Array(sectors * sectorSize).fill(0xff)
    this.bytes.set(content)
  }

  holds(address: number, length = 1): boolean {
    return address >= this.base && address + length <= this.base + this.bytes.length
  }

  /** The sector around an address; all of it without one. */
  erase(address: number | null): boolean {
    if (address === null) this.bytes.fill(0xff)
    else if (!this.holds(address)) return false
    else {
      const from = Math.floor((address - this.base) / this.sectorSize) * this.sectorSize
      this.bytes.fill(0xff, from, from + this.sectorSize)
    }
    return true
  }

  write(address: number, data: Uint8Array): boolean {
    if (!this.holds(address, data.length)) return false
    const at = address - this.base
    if (this.bytes.subarray(at, at + data.length).some((byte) => byte !== 0xff)) return false
    this.bytes.set(data, at)
    return true
  }

  read(address: number, length: number): Uint8Array {
    const at = address - this.base
    return at < 0 ? new Uint8Array() : this.bytes.slice(at, at + length)
  }
}
