"""The numeric path: values, points, derivatives by complex step."""
