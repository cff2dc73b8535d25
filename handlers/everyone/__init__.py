"""What everybody can say, whatever their role."""
