"""What this product uses of botocore, as it behaves (botocore 1.40 to 1.44)."""

class Unsigned: ...

UNSIGNED: Unsigned
