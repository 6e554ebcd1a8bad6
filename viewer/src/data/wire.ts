// What the page is sent. Made from the dataclasses in retrograd/views/data by
// `python -m retrograd.views.data.typescript`; a test fails where this file is stale.

/** Who ran, how far, and what was kept. */
export interface Overview {
  readonly name: string;
  readonly program: string;
  readonly steps: number;
  readonly full: readonly (readonly [number, number])[];
  readonly unfinished?: number;
  readonly complete: boolean;
  readonly live: boolean;
  readonly exported: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly parameters: readonly (ParameterData)[];
  readonly files: readonly (string)[];
  readonly incidents: readonly (IncidentData)[];
  readonly series: readonly (string)[];
  readonly overhead?: number;
}

/** A parameter; its place in the list is its number everywhere. */
export interface ParameterData {
  readonly name: string;
  readonly shape: readonly (number)[];
  readonly dtype: string;
  readonly requires_grad: boolean;
  readonly module?: string;
}

/** Something that happened to the run. */
export interface IncidentData {
  readonly kind: string;
  readonly step?: number;
  readonly event?: number;
  readonly file?: number;
  readonly line?: number;
  readonly text: string;
}

/** Some series in one window of steps. */
export interface Curves {
  readonly first: number;
  readonly last: number;
  readonly stride: number;
  readonly curves: readonly (Curve)[];
}

/** One series in a window of steps. */
export interface Curve {
  readonly name: string;
  readonly steps: readonly (number)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** A file: lines, each a list of words with their kinds. */
export interface SourceData {
  readonly path: string;
  readonly lines: readonly (readonly (readonly ["" | "keyword" | "string" | "comment" | "number" | "name", string])[])[];
}

/** Everything of a step but its numbers. */
export interface StructureData {
  readonly id: number;
  readonly slots: readonly (SlotData)[];
  readonly events: readonly (EventData)[];
  readonly nodes: readonly (NodeData)[];
  readonly sites: readonly (SiteData)[];
}

/** What is known of a value without its elements. */
export interface SlotData {
  readonly symbol: string;
  readonly named: boolean;
  readonly kind: string;
  readonly dtype: string;
  readonly shape: readonly (number)[];
  readonly stride: readonly (number)[];
  readonly offset: number;
  readonly device: string;
  readonly requires_grad: boolean;
  readonly leaf: boolean;
  readonly parameter?: number;
  readonly why?: string;
}

/** One ATen operator call. */
export interface OpData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "op";
  readonly arguments: readonly (ArgumentData)[];
  readonly outputs: readonly (number | null)[];
  readonly node?: number;
  readonly mutates: readonly (string)[];
}

/** An argument of an op: values, or a constant as text. */
export interface ArgumentData {
  readonly name: string;
  readonly slots: readonly (number)[];
  readonly constant?: string;
}

/** The start of a backward pass. */
export interface BackwardData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "backward";
  readonly number: number;
  readonly roots: readonly (number | null)[];
  readonly root_nodes: readonly (number | null)[];
  readonly gradients: readonly (number | null)[];
}

/** An autograd node ran. */
export interface NodeRunData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "node";
  readonly number: number;
  readonly node: number;
  readonly grad_outputs: readonly (number | null)[];
  readonly grad_inputs: readonly (number | null)[];
}

/** A contribution was added to a ``.grad``. */
export interface AccumulationData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "accumulate";
  readonly number: number;
  readonly node: number;
  readonly parameter: number;
  readonly before?: number;
  readonly contribution?: number;
  readonly after?: number;
}

/** A call of ``zero_grad()``. */
export interface ZeroGradData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "zero_grad";
  readonly set_to_none: boolean;
  readonly changes: readonly (GradientChangeData)[];
}

/** One ``.grad`` before and after. */
export interface GradientChangeData {
  readonly parameter: number;
  readonly before?: number;
  readonly after?: number;
}

/** A ``.grad`` changed between backward and step. */
export interface GradChangeData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "grad_change";
  readonly parameter: number;
  readonly before?: number;
  readonly after?: number;
}

/** A call of an optimizer's ``step()``. */
export interface StepCallData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "step";
}

/** One parameter before and after an update. */
export interface UpdateData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "update";
  readonly parameter: number;
  readonly before?: number;
  readonly gradient?: number;
  readonly after?: number;
  readonly hyperparameters: readonly (ArgumentData)[];
  readonly state_before: readonly (NamedSlot)[];
  readonly state_after: readonly (NamedSlot)[];
  readonly manual: boolean;
}

/** A value with a name. */
export interface NamedSlot {
  readonly name: string;
  readonly slot?: number;
}

/** Something that ran unseen. */
export interface OpaqueData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "opaque";
  readonly inputs: readonly (number | null)[];
  readonly outputs: readonly (number | null)[];
  readonly node?: number;
}

export type EventData = OpData | BackwardData | NodeRunData | AccumulationData | ZeroGradData | GradChangeData | StepCallData | UpdateData | OpaqueData;

/** One autograd node. */
export interface NodeData {
  readonly name: string;
  readonly op?: number;
  readonly next: readonly (EdgeData | null)[];
  readonly saved: readonly (NamedSlot)[];
  readonly freed?: number;
  readonly parameter?: number;
  readonly opaque: boolean;
}

/** Where a node sends a gradient. */
export interface EdgeData {
  readonly node: number;
  readonly input: number;
}

/** A position in the source: lines from 1, columns from 0, the end exclusive. */
export interface SiteData {
  readonly file: number;
  readonly function: string;
  readonly line: number;
  readonly end_line: number;
  readonly column: number;
  readonly end_column: number;
  readonly expression: string;
}

/** One step: its structure, which others may share, and its numbers. */
export interface StepData {
  readonly index: number;
  readonly structure: number;
  readonly complete: boolean;
  readonly started: number;
  readonly seconds: number;
  readonly overhead: number;
  readonly values: readonly (ValueData | null)[];
}

/** What a value held: all elements, or figures and a sample. */
export interface ValueData {
  readonly elements?: ArrayData;
  readonly statistics?: StatisticsData;
  readonly sample?: SampleData;
  readonly whole: boolean;
}

/** Elements in row-major order, exactly as recorded or computed. */
export interface ArrayData {
  readonly shape: readonly (number)[];
  readonly code: "f2" | "f4" | "f8" | "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8" | "b1" | "c8" | "c16";
  readonly data: string;
}

/** Figures of all elements; min to norm are those of the finite ones, None without any. */
export interface StatisticsData {
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly std?: number;
  readonly norm?: number;
  readonly zeros: number;
  readonly nans: number;
  readonly infs: number;
}

/** Every k-th element in row-major order. */
export interface SampleData {
  readonly every: number;
  readonly elements: ArrayData;
}

/** One event explained. */
export interface ExplanationData {
  readonly event: number;
  readonly title: MessageData;
  readonly lines: readonly (LineData)[];
  readonly terms: readonly (TermData)[];
  readonly notes: readonly (MessageData)[];
  readonly check?: CheckData;
}

/** A message of the catalogue with its arguments; the page puts it into words. */
export interface MessageData {
  readonly id: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

/** One equation with PyTorch's own result. */
export interface LineData {
  readonly symbol: string;
  readonly formula?: string;
  readonly math?: string;
  readonly slot?: number;
  readonly worked?: WorkedData;
  readonly summed?: string;
}

/** One element with its numbers put in. */
export interface WorkedData {
  readonly index: readonly (number)[];
  readonly numbers: string;
  readonly result: string;
}

/** One term of an update with our result. */
export interface TermData {
  readonly symbol: string;
  readonly formula: string;
  readonly math?: string;
  readonly elements?: ArrayData;
  readonly worked?: WorkedData;
}

/** How our result compares with PyTorch's. */
export interface CheckData {
  readonly status: "verified" | "wrong" | "not checked";
  readonly reason?: string;
  readonly difference?: number;
  readonly tolerance?: number;
}
