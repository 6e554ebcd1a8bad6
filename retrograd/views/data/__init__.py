"""What the page needs to know, as typed data; the TypeScript types are made from these."""
