//! The books and everything else that must not be lost, in DynamoDB.
