"""What is generated: shapes, values and positions, put together into whole cases."""
