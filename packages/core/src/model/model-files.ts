import { MAX_MODEL_FILE_BYTES, type ModelFile } from '@helios/shared/domain/model-folder.ts';
import { MANIFEST_FILE, type ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { ModelRefusal, type ModelRefusalCode } from './model-refusal.ts';
import { parseJson } from './read-boosted-trees.ts';

/** A file whose text is there. */
export interface LoadedFile extends ModelFile {
  readonly sha256: string;
  readonly text: string;
}

/** A zod schema, as far as files are concerned. */
interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** Finds and reads the files of a model's folder. */
export class ModelFiles {
  readonly #files: readonly ModelFile[];

  constructor(files: readonly ModelFile[]) {
    this.#files = files;
  }

  has(name: string): boolean {
    return this.#files.some((each) => each.name === name);
  }

  /** @throws ModelRefusal for a file that is too large */
  find(name: string): LoadedFile | undefined {
    const file = this.#files.find((each) => each.name === name);
    if (file === undefined) return undefined;
    const { size, text, sha256 } = file;
    if (text !== undefined && sha256 !== undefined) return { ...file, text, sha256 };
    const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`;
    throw new ModelRefusal(
      'FILE_TOO_LARGE',
      `${name} has ${megabytes(size)}; at most ${megabytes(MAX_MODEL_FILE_BYTES)} are read. Train with fewer or smaller trees.`,
    );
  }

  /** The file that a manifest names. @throws ModelRefusal if it is missing or its content differs */
  verified({ name, sha256 }: ModelManifest['files']['xgb_model']): LoadedFile {
    const file = this.find(name);
    if (file === undefined)
      throw new ModelRefusal(
        'FILE_MISSING',
        `${MANIFEST_FILE} names ${name}, which is missing. Copy the whole folder.`,
      );
    if (file.sha256 === sha256) return file;
    throw new ModelRefusal(
      'HASH_DIFFERS',
      `${name} is not the file that ${MANIFEST_FILE} names (its SHA-256 differs). Copy the whole folder again; for a model of your own, remove ${MANIFEST_FILE}.`,
    );
  }

  /** The content of a JSON file. @throws ModelRefusal if it is damaged */
  parse<T>({ name, text }: LoadedFile, schema: Schema<T>, code: ModelRefusalCode = 'BAD_FILE'): T {
    const parsed = schema.safeParse(parseJson(name, text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const place = issue?.path.map(String).join('.') || 'the content';
    throw new ModelRefusal(code, `${name}: ${place}: ${issue?.message ?? 'is invalid'}. Write the file again.`);
  }
}
