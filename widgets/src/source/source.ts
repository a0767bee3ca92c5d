/** What the card of an item shows. */
export interface Payload {
  row: number;
  id: string;
  text: string | null;
  title: string;
  columns: Record<string, string>;
  thumbnail: Blob | null;
}

/** Where panes get data that is too much to send up front; every answer is bounded. */
export interface Source {
  payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]>;
}
