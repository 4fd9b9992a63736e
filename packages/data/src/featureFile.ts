import { type FileHandle, open } from 'node:fs/promises';

const { BYTES_PER_ELEMENT } = Float32Array;

/** A file of float32 columns, each of so many rows, one after the other; parts of columns come in any order. */
export class FeatureFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly columns: number,
    readonly rows: number,
  ) {}

  static async create(path: string, columns: number, rows: number): Promise<FeatureFile> {
    return new FeatureFile(await open(path, 'wx+'), columns, rows);
  }

  /** @param firstRow where in the column the values go */
  async write(column: number, firstRow: number, values: Float32Array): Promise<void> {
    const bytes = bytesOf(values);
    const start = (column * this.rows + firstRow) * BYTES_PER_ELEMENT;
    for (let offset = 0; offset < bytes.length; ) {
      const length = Math.min(bytes.length - offset, 1 << 30);
      offset += (await this.handle.write(bytes, offset, length, start + offset)).bytesWritten;
    }
  }

  /** Hands every column over in turn, in one array that is used again; what `change` answers is written back if it is true. */
  async revise(change: (values: Float32Array, column: number) => boolean): Promise<void> {
    const values = new Float32Array(this.rows);
    for (let column = 0; column < this.columns; column++) {
      await this.read(column, values);
      if (change(values, column)) await this.write(column, 0, values);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async read(column: number, into: Float32Array): Promise<void> {
    const bytes = bytesOf(into);
    const start = column * this.rows * BYTES_PER_ELEMENT;
    for (let offset = 0; offset < bytes.length; ) {
      const length = Math.min(bytes.length - offset, 1 << 30);
      const { bytesRead } = await this.handle.read(bytes, offset, length, start + offset);
      if (bytesRead === 0)
        throw new Error(`column ${column} of the features ends at byte ${offset} of ${bytes.length}`);
      offset += bytesRead;
    }
  }
}

const bytesOf = (values: ArrayBufferView): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
