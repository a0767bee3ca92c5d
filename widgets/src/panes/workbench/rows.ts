import type { DataChoice, EncoderChoice } from "../../model";

/** One line of a picker. */
export interface Row {
  /** What is chosen with it. */
  value: string;
  title: string;
  /** Smaller lines under the title. */
  facts: string[];
  /** A word or two at the end of the title's line. */
  tag: string;
  /** The heading it stands under. */
  group: string;
  /** Why it cannot be chosen; empty: it can. */
  reason: string;
}

export const OWN_VECTORS = "";
export const NO_STUDENT = "";
export const VARIABLES = "Your variables";
const PACKAGED = "Packaged";
const TEACHER = "It is the first encoder already.";

export function dataRows(choices: readonly DataChoice[]): Row[] {
  return choices.map(({ key, title, about, group, here }) => ({
    value: key,
    title,
    facts: [about],
    tag: group === "variable" ? "" : hereWords(here, null),
    group: group === "variable" ? VARIABLES : PACKAGED,
    reason: "",
  }));
}

/** A folder, a file or a name of the hub that was typed. */
export function typedData(text: string): Row {
  const facts = ["A folder, a file, or hf:owner/name"];
  return { value: text, title: text, facts, tag: "", group: "As typed", reason: "" };
}

/** The encoders with a name, those that cannot read the data with the reason. */
export function encoderRows(choices: readonly EncoderChoice[], data: DataChoice | null): Row[] {
  const named = choices.filter(({ name }) => !isScheme(name));
  const rows = named.map((choice) => ({
    value: choice.name,
    title: choice.name,
    facts: [choice.about, encoderFacts(choice)],
    tag: hereWords(choice.here, choice.size),
    group: data?.vectors ? "Encode again" : PACKAGED,
    reason: mismatch(choice.modality, data),
  }));
  return data?.vectors ? [OWN_ROW, ...rows] : rows;
}

const OWN_ROW: Row = {
  value: OWN_VECTORS,
  title: "Its own vectors",
  facts: ["The space is explored as it is"],
  tag: "",
  group: "As it is",
  reason: "",
};

/** The encoders that the first can be compared with; none is chosen to begin with. */
export function studentRows(
  choices: readonly EncoderChoice[],
  data: DataChoice | null,
  teacher: string | null,
): Row[] {
  const rows = encoderRows(choices, data && { ...data, vectors: false });
  return [NO_STUDENT_ROW, ...rows.map((row) => (row.value === teacher ? { ...row, reason: TEACHER } : row))];
}

/** A typed encoder to compare with. */
export function typedStudent(
  text: string,
  choices: readonly EncoderChoice[],
  data: DataChoice | null,
  teacher: string | null,
): Row {
  const row = typedEncoder(text, choices, data);
  return text === teacher ? { ...row, reason: TEACHER } : row;
}

const NO_STUDENT_ROW: Row = {
  value: NO_STUDENT,
  title: "None",
  facts: ["One space is explored by itself"],
  tag: "",
  group: "One encoder",
  reason: "",
};

/** A scheme with a folder or a name of the hub that was typed. */
export function typedEncoder(text: string, choices: readonly EncoderChoice[], data: DataChoice | null): Row {
  const schemes = choices.filter(({ name }) => isScheme(name));
  const scheme = schemes.find(({ name }) => text.startsWith(prefixOf(name)) && text !== prefixOf(name));
  const known = schemes.map(({ name }) => prefixOf(name)).join(", ");
  const reason = scheme
    ? mismatch(scheme.modality, data)
    : `No encoder is called that. For others write one of ${known} and then a folder or a name on the hub.`;
  const facts = scheme ? [scheme.about] : [];
  return { value: text, title: text, facts, tag: "", group: "As typed", reason };
}

export function schemes(choices: readonly EncoderChoice[]): EncoderChoice[] {
  return choices.filter(({ name }) => isScheme(name));
}

export function isScheme(name: string): boolean {
  return name.includes(":<");
}

/** "timm:<architecture>" starts with "timm:". */
export function prefixOf(name: string): string {
  return name.slice(0, name.indexOf(":") + 1);
}

function encoderFacts({ modality, dims, licence }: EncoderChoice): string {
  const size = dims === null ? "" : `${dims.toLocaleString("en-US")} dims`;
  return [plural(modality), size, licence ?? ""].filter((word) => word !== "").join(" · ");
}

function hereWords(here: boolean | null, size: string | null): string {
  if (here === null) return size ?? "";
  const word = here ? "here" : "to fetch";
  return size === null ? word : `${word} · ${size}`;
}

function mismatch(modality: string, data: DataChoice | null): string {
  if (!data?.modality || modality.split(", ").includes(data.modality)) return "";
  return `Reads ${plural(modality)}; this data holds ${data.modality}s.`;
}

function plural(modality: string): string {
  return modality
    .split(", ")
    .map((word) => `${word}s`)
    .join(" and ");
}
