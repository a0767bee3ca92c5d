const MOST_PIXELS = 768;

/** An image file as a PNG of at most 768 pixels a side: no more than that travels to the kernel. */
export async function shrink(file: Blob, name: string): Promise<Blob> {
  const image = await load(file, name);
  // A drawing without a size of its own says 0.
  const [width, height] = [image.naturalWidth || MOST_PIXELS, image.naturalHeight || MOST_PIXELS];
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gives no canvas to shrink an image on.");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!small) throw unreadable(name);
  return small;
}

async function load(file: Blob, name: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return image;
  } catch (error) {
    throw unreadable(name, error);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function unreadable(name: string, cause?: unknown): Error {
  const kinds = "PNG, JPEG, WebP, GIF, AVIF and SVG can be read.";
  return new Error(`“${name}” is not an image that this browser can read. ${kinds}`, { cause });
}
